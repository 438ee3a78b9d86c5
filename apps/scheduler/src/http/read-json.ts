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

/** It goes no deeper itself, and so has stack enough. */
function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((one) => isDeeperThan(one, depth - 1));
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
