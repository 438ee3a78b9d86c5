import {
  type HttpOperationResponse,
  type RequestPolicy,
  type RequestPolicyFactory,
  RestError,
  type WebResource,
} from '@azure/storage-blob';

/**
 * Ends a try during which nothing came or went for so long; the library knows no such limit, but one that it tells the server
 * of. Counts bytes and not requests, so that a slow network is no fault.
 *
 * Its name is what the library looks for: the policies of a factory that is called so come behind its retries, once for each
 * try. By another name they would come before those, and silence would be final.
 */
class InjectorPolicyFactory implements RequestPolicyFactory {
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  create(next: RequestPolicy): RequestPolicy {
    return { sendRequest: (request) => sendOrGiveUp(request, next, this.#limitMs) };
  }
}

export function silencePolicy(limitMs: number): RequestPolicyFactory {
  return new InjectorPolicyFactory(limitMs);
}

async function sendOrGiveUp(
  request: WebResource,
  next: RequestPolicy,
  limitMs: number,
): Promise<HttpOperationResponse> {
  const silence = Promise.withResolvers<never>();
  const stop = new AbortController();
  const outer = outerSignal(request);
  standsFor.set(stop.signal, outer);
  const onAbort = () => stop.abort();
  let giveUp = (error: RestError) => {
    silence.reject(error);
    stop.abort();
  };
  // A code that the library tries again at.
  const error = new RestError(`nothing came or went for ${limitMs} ms`, { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => giveUp(error), limitMs);
  if (outer?.aborted) onAbort();
  outer?.addEventListener('abort', onAbort);
  request.abortSignal = stop.signal;
  request.onUploadProgress = () => timer.refresh();
  request.onDownloadProgress = () => timer.refresh();
  let body: NodeJS.ReadableStream | undefined;
  const end = () => {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onAbort);
  };
  try {
    const response = await Promise.race([next.sendRequest(request), silence.promise]);
    body = response.readableStreamBody;
    giveUp = (reason) => (body as Destroyable).destroy(reason);
    body?.once('close', end);
    return response;
  } finally {
    if (!body) end();
  }
}

type Signal = WebResource['abortSignal'];

/** What each signal of ours was put in the place of: the same request is sent again, and has that of the try before. */
const standsFor = new WeakMap<object, Signal>();

function outerSignal({ abortSignal }: WebResource): Signal {
  return abortSignal && standsFor.has(abortSignal) ? standsFor.get(abortSignal) : abortSignal;
}

type Destroyable = NodeJS.ReadableStream & { destroy(error: Error): void };
