import { expect, it } from 'vitest';
import { RestartMarker } from './restart-marker.ts';

function sees(...pieces: string[]): boolean {
  const marker = new RestartMarker();
  for (const piece of pieces) marker.push(Buffer.from(piece));
  return marker.seen;
}

it.each([
  [['done\n>>>VMRESTART<<<\n'], true],
  [['x>>>VMRES', 'TART<<<'], true],
  [[...'>>>VMRESTART<<<'], true],
  [['>>>VMRESTART<<<', 'more'], true],
  [['>>>VMRESTART', ' ', '<<<'], false],
  [[''], false],
])('finds the marker of a restart, in pieces or whole: %j', (pieces, expected) => {
  expect(sees(...pieces)).toBe(expected);
});
