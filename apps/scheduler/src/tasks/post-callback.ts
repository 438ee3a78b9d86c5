import type { CallbackRow } from '../table/schema.ts';
import { type CallbackOptions, callbackTarget, callbackToken } from './callback-target.ts';

const POST_MS = 60_000;
const PROBLEM_CHARACTERS = 500;

/**
 * Posts to a client what it is to be told.
 * @returns undefined when it has it, or there is nobody to be told; else what went wrong
 */
export async function postCallback(
  { task_id, href, body }: CallbackRow,
  options: CallbackOptions,
  stop: AbortSignal,
): Promise<string | undefined> {
  try {
    const target = callbackTarget(href, options);
    if (!target) return undefined;
    const token = callbackToken(target, options);
    const response = await fetch(target, {
      method: 'POST',
      body,
      // Another host may be where it leads: that one gets neither the result nor the token.
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(POST_MS)]),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': task_id,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    if (response.ok) {
      await response.body?.cancel();
      return undefined;
    }
    return `${target.host} answered ${response.status}: ${await beginningOf(response)}`;
  } catch (error) {
    return reasonOf(error).slice(0, PROBLEM_CHARACTERS);
  }
}

/** An answer may be of any length, and never end: what follows is not read. */
async function beginningOf({ body }: Response): Promise<string> {
  let text = '';
  if (!body) return text;
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.length >= PROBLEM_CHARACTERS) break;
  }
  return text.slice(0, PROBLEM_CHARACTERS);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message}: ${cause.message || (cause as NodeJS.ErrnoException).code}`
    : error.message;
}
