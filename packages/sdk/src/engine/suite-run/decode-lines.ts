/** Lines of an output that is known to be short; empty ones are left out. */
export function decodeLines(output: Uint8Array): string[] {
  return new TextDecoder()
    .decode(output)
    .split('\n')
    .filter((line) => line !== '');
}
