import type { RootCommand } from '@bomb.sh/tab';
import type { Command } from 'commander';

/** What a word of the command line may be the name of. */
export type Kind = 'run' | 'dataset';

/** By the placeholder of an argument or option, or by its command as well. */
const KINDS: Readonly<Record<string, Kind>> = {
  run: 'run',
  dataset: 'dataset',
  'compare base': 'run',
  'compare candidate': 'run',
  'drift base': 'dataset',
  'drift candidate': 'dataset',
};

/** Lets the completion offer names where a command takes one. */
export function offerNames(
  program: Command,
  completion: RootCommand,
  namesOf: (kind: Kind) => readonly string[],
): void {
  const visit = (command: Command, path: readonly string[]): void => {
    const name = path.join(' ');
    const known = completion.commands.get(name);
    const offer = (placeholder: string | undefined, place: { handler?: unknown } | undefined): void => {
      const kind = KINDS[`${name} ${placeholder}`] ?? KINDS[placeholder ?? ''];
      if (kind === undefined || !place) return;
      place.handler = (complete: (value: string, description: string) => void) => {
        for (const each of namesOf(kind)) complete(each, '');
      };
    };
    for (const argument of command.registeredArguments) {
      offer(argument.name(), known?.arguments.get(argument.name()));
    }
    for (const { flags, long } of command.options) {
      offer(/<(\w+)>/.exec(flags)?.[1], known?.options.get(long?.slice(2) ?? ''));
    }
    for (const each of command.commands) visit(each, [...path, each.name()]);
  };
  visit(program, []);
}
