const DIVERTED = /^(?:diverted by \S+ to|locally diverted to): (\/.*)$/;

/**
 * Reads `dpkg-query --listfiles`. A line such as `diverted by dash to: /bin/sh.distrib` says where the file of the line
 * before it really is, dpkg-divert(1); `package diverts others to: …` says nothing of the package's own files.
 * @returns where to look, for each path that the package owns
 */
export function parseListing(text: string): Map<string, string> {
  const places = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const [, moved] = DIVERTED.exec(line) ?? [];
    if (moved !== undefined && last !== undefined) places.set(last, moved);
    if (!line.startsWith('/')) continue;
    last = line === '/.' ? '/' : line;
    places.set(last, line);
  }
  return places;
}
