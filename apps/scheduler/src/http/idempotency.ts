import { createHash } from 'node:crypto';
import { AltsError } from '@alts/sdk/plugin';
import type { MiddlewareHandler } from 'hono';
import type { AnswerTable } from '../table/answer-table.ts';
import type { Variables } from './authorize.ts';
import { Refusal } from './problem.ts';
import { readBounded } from './read-json.ts';

/** What a client may call a request: 1 to 255 visible characters. */
const KEY = /^[\x21-\x7e]{1,255}$/;
const REUSED = 'Idempotency-Key: came with another request within the last week; take another key for this one';

/**
 * Honours `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that comes again with its key gets the
 * first answer, and does nothing again. Tasks have ids that follow from key and request, so that this holds also when the
 * first answer was never written down. A key that comes with another request is refused, as the draft has it with 422.
 */
export function idempotent(answers: AnswerTable): MiddlewareHandler<{ Variables: Variables }> {
  return async (context, next) => {
    const key = context.req.header('idempotency-key');
    if (key === undefined) return next();
    if (!KEY.test(key)) throw new AltsError('invalid_request', 'Idempotency-Key: must be 1 to 255 visible characters');
    const caller = context.get('caller').name;
    const body = await readBounded(context.req.raw);
    const fingerprint = fingerprintOf(context.req.raw, body);
    const known = await answers.find(caller, key);
    if (known && known.fingerprint !== fingerprint) {
      throw new Refusal({ status: 422, code: 'idempotency_key_reused', detail: REUSED });
    }
    if (known) return context.body(known.body, known.status as 200, replayed(known));
    // With the request in it: a key that is forgotten after a week may come with another one, which is another task.
    context.set('seed', `${caller}\0${key}\0${fingerprint}`);
    // A clone would do, if one half of it could be given up without the other.
    const { url, method, headers } = context.req.raw;
    context.req.raw = new Request(url, { method, headers, body });
    await next();
    const { status } = context.res;
    // What was refused did nothing, and may be asked again.
    if (status >= 400) return undefined;
    const answer = await context.res.clone().text();
    await answers.keep({ caller, key, fingerprint, status, body: answer, at: new Date().toISOString() });
    return undefined;
  };
}

/** The headers of an answer that is given again: all that is accepted is answered in JSON, one task with its place. */
function replayed({ status, body }: { readonly status: number; readonly body: string }): Record<string, string> {
  const { id } = JSON.parse(body) as { readonly id?: unknown };
  return {
    'content-type': 'application/json',
    'idempotent-replayed': 'true',
    ...(status === 201 && typeof id === 'string' && { location: `/tasks/${id}` }),
  };
}

function fingerprintOf({ method, url }: Request, body: Uint8Array): string {
  const { pathname, search } = new URL(url);
  return createHash('sha256').update(`${method} ${pathname}${search}\n`).update(body).digest('hex');
}

/** The id of the task that a request makes; of a batch the n-th. The same for the same seed: a UUID of version 8, RFC 9562. */
export function taskIdFor(seed: string, index = 0): string {
  const hex = createHash('sha256').update(`${seed}\0${index}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
