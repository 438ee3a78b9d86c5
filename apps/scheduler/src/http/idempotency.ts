import { createHash } from 'node:crypto';
import { AltsError } from '@alts/sdk/plugin';
import type { MiddlewareHandler } from 'hono';
import type { AnswerTable } from '../table/answer-table.ts';
import type { Variables } from './authorize.ts';

/** What a client may call a request: 1 to 255 visible characters. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Honours `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that comes again with its key gets the
 * first answer, and does nothing again. Tasks have ids that follow from the key, so that this holds also when the first
 * answer was never written down. A key that comes with another request is refused.
 */
export function idempotent(answers: AnswerTable): MiddlewareHandler<{ Variables: Variables }> {
  return async (context, next) => {
    const key = context.req.header('idempotency-key');
    if (key === undefined) return next();
    if (!KEY.test(key)) throw new AltsError('invalid_request', 'Idempotency-Key: must be 1 to 255 visible characters');
    const caller = context.get('caller').name;
    const fingerprint = await fingerprintOf(context.req.raw.clone());
    const known = await answers.find(caller, key);
    if (known && known.fingerprint !== fingerprint) {
      throw new AltsError('invalid_request', 'Idempotency-Key: came with another request before');
    }
    if (known) return context.body(known.body, known.status as 200, { ...JSON_TYPE, 'idempotent-replayed': 'true' });
    context.set('seed', `${caller}\0${key}`);
    await next();
    const { status } = context.res;
    // What was refused did nothing, and may be asked again.
    if (status >= 400) return undefined;
    const body = await context.res.clone().text();
    await answers.keep({ caller, key, fingerprint, status, body, at: new Date().toISOString() });
    return undefined;
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function fingerprintOf(request: Request): Promise<string> {
  const { pathname, search } = new URL(request.url);
  const hash = createHash('sha256').update(`${request.method} ${pathname}${search}\n`);
  return hash.update(new Uint8Array(await request.arrayBuffer())).digest('hex');
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
