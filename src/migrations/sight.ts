import type { Operation, Place, Revision } from './history.js';

/** A place of a revision. */
export interface Sight extends Place {
  readonly revision: string;
}

export const sightOf = ({ id }: Pick<Revision, 'id'>, { place }: Pick<Operation, 'place'>): Sight => ({
  revision: id,
  ...place,
});

/** Where the revision begins to do something. */
export const startOf = (revision: Revision): Sight => sightOf(revision, revision.up);
