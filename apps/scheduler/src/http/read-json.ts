import { AltsError } from '@alts/sdk/plugin';

/** What a body may have. */
const MAX_BYTES = 1024 * 1024;
/** Deeper than any request, and far from what the stack of a function that calls itself would have. */
const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The body of a request as JSON.
 * @throws {AltsError} `limit_exceeded` over 1 MiB; `invalid_request` for what is no JSON in UTF-8, or is nested deeper than 64
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBounded(request);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AltsError('invalid_request', `the body is not JSON: ${reason}`, { cause });
  }
  if (isDeeperThan(value, MAX_DEPTH)) {
    throw new AltsError('invalid_request', `the body is nested deeper than ${MAX_DEPTH} arrays and objects`);
  }
  return value;
}

/** Level by level, and so without a stack of its own. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let at = 0; at <= depth; at += 1) {
    level = level
      .filter((one) => typeof one === 'object' && one !== null)
      .flatMap((one) => Object.values(one as object));
    if (level.length === 0) return false;
  }
  return true;
}

/**
 * The body of a request.
 * @throws {AltsError} `limit_exceeded` over 1 MiB
 */
export async function readBounded(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const announced = request.headers.get('content-length');
  if (announced === null) return readStream(request.body);
  if (Number(announced) > MAX_BYTES) throw tooLarge();
  // No more than was announced comes (RFC 9112, 6.3), and this is several times faster than a stream.
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > MAX_BYTES) throw tooLarge();
  return body;
}

async function readStream(body: Request['body']): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AltsError {
  return new AltsError('limit_exceeded', `the body has more than ${MAX_BYTES} bytes`);
}
