/**
 * Runs one command after the other, as they come on standard input; by any POSIX sh with coreutils. Positional: a mark.
 * A command is a line with the bytes of its own input (`-`: it has none) and the number of its words; then the words,
 * each a line; then that input. No word is ever part of the script. After each command both streams say how it ended;
 * input that it left unread is read away.
 */
export const LANE_SCRIPT = `mark=$1
while IFS=' ' read -r bytes count; do
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r word || exit
    case $word in *\\\\*) word=$(printf '%b_' "$word"); word=\${word%_} ;; esac
    set -- "$@" "$word"
    count=$((count - 1))
  done
  if [ "$bytes" = - ]; then (exec env "$@") </dev/null
  else head -c "$bytes" | { (exec env "$@"); code=$?; cat >/dev/null; exit $code; }; fi
  code=$?
  printf '%s:%s\\n' "$mark" "$code"
  printf '%s:%s\\n' "$mark" "$code" >&2
done`;

/** A command as the script wants it; `words` may begin with variables as NAME=VALUE. */
export function laneCommand(words: readonly string[], stdin: Uint8Array | undefined): Uint8Array {
  const lines = words.map((word) => `${escapeWord(word)}\n`);
  const head = Buffer.from(`${stdin ? stdin.length : '-'} ${words.length}\n${lines.join('')}`);
  return stdin ? Buffer.concat([head, stdin]) : head;
}

/** printf(1), %b: what would end the line, and what would begin an escape. */
function escapeWord(word: string): string {
  return word.replaceAll('\\', '\\0134').replaceAll('\n', '\\0012');
}
