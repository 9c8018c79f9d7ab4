import { readmeProbes } from '../../../indexes/index.js';
import { setForVectors } from '../../server-setting.js';
import { isSet, isVectorIndex, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Nobody sets `ivfflat.probes`, so a search looks into one list only. */
export const ivfflatProbes = vectorCheck({
  id: 'ivfflat-probes',
  severity: 'low',
  needs: ['server', 'indexes', 'vectorSettings'],
  run: ({ server, indexes, vectorSettings }) => {
    const ivfflat = indexes.filter(
      (index) => isVectorIndex(index) && index.method === 'ivfflat' && parameter(index, 'lists') > 1,
    );
    if (ivfflat.length === 0 || isSet(vectorSettings, 'ivfflat.probes')) return [];
    const lists = Math.max(...ivfflat.map((index) => parameter(index, 'lists')));
    const probes = readmeProbes(lists);
    return [
      {
        object: `${server.database}: ivfflat.probes`,
        confidence: 'low',
        basis: 'catalog',
        evidence: `SELECT setrole::regrole, setconfig FROM pg_db_role_setting WHERE setconfig::text LIKE '%ivfflat.probes%';`,
        remedy: setForVectors(server, { 'ivfflat.probes': String(probes) }),
        data: { indexes: ivfflat.map((index) => index.name), lists, probes },
      },
    ];
  },
});
