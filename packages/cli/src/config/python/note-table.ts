import type { Note } from './note.ts';

/** Notes as a table, each line a comment of YAML: key, what became of it, key of the new form, why. */
export function noteTable(notes: readonly Note[]): string {
  const rows = notes.map(({ path, kind, becomes = '-', say }) => [path, kind, becomes, say] as const);
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2)] as const;
  return rows
    .map(([path, kind, becomes, say]) =>
      `#   ${path.padEnd(widths[0])}  ${kind.padEnd(widths[1])}  ${becomes.padEnd(widths[2])}  ${say}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
