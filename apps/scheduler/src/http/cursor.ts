import { AltsError, TaskId } from '@alts/sdk/plugin';
import { z } from 'zod';

/** Where a page ends: the last task of it. */
export interface Cursor {
  readonly acceptedAt: string;
  readonly id: string;
}

const Parsed = z.object({ acceptedAt: z.iso.datetime(), id: TaskId });

/** Opaque to clients. */
export function encodeCursor({ acceptedAt, id }: Cursor): string {
  return Buffer.from(JSON.stringify([acceptedAt, id])).toString('base64url');
}

/** @throws {AltsError} `invalid_request` for what no page gave */
export function decodeCursor(text: string): Cursor {
  try {
    const [acceptedAt, id, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const cursor = Parsed.parse({ acceptedAt, id });
    if (rest.length === 0) return cursor;
  } catch {
    // Said below.
  }
  throw new AltsError('invalid_request', `after: ${JSON.stringify(text.slice(0, 80))} is not a cursor of this list`);
}
