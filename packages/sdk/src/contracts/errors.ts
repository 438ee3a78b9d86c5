import { z } from 'zod';

/**
 * Every code that an {@link AltsError} can carry, and what follows from it. `retry: 'elsewhere'` says that another
 * worker, or the same one later, may succeed; `retry: 'never'` says that the same request will end the same way.
 */
export const ERROR_CODES = {
  /** The request, an option or the command line breaks a rule; the message names field, value and what is right. */
  invalid_request: { retry: 'never' },
  /** A plugin could not be loaded, or is not what its place needs. */
  invalid_plugin: { retry: 'never' },
  /** The environment is not the system that was asked for, so nothing that was seen in it counts. */
  wrong_system: { retry: 'never' },
  /** What was asked of an environment or a backend is not among its traits. */
  not_supported: { retry: 'never' },
  /** The baseline could not be tested, or is of another package or family, so nothing can be compared with it. */
  baseline_unusable: { retry: 'never' },
  /** A test of a suite cannot be run here: what it needs cannot be had. */
  suite_unusable: { retry: 'never' },
  artifact_not_found: { retry: 'never' },
  /** A limit on size or number was reached; the message names it. */
  limit_exceeded: { retry: 'never' },
  /** A fault of ALTS or of a plugin: something was thrown that nobody foresaw. */
  internal: { retry: 'never' },
  /** The backend that makes environments does not answer, or refuses. */
  runner_unavailable: { retry: 'elsewhere' },
  /** The base image is not here and cannot be had. */
  image_unavailable: { retry: 'elsewhere' },
  /** The environment, its engine or the connection to it died. */
  environment_lost: { retry: 'elsewhere' },
  /** A mirror, a repository or a download could not be reached, or answered with an error of its own. */
  repository_unavailable: { retry: 'elsewhere' },
  /** No space was left, in the environment or on the machine that runs the test. */
  disk_full: { retry: 'elsewhere' },
  /** Memory ran out: the environment's limit, or the machine's. */
  out_of_memory: { retry: 'elsewhere' },
  /** A stage or the whole test took longer than it may, and it was not the package that took the time. */
  time_limit: { retry: 'elsewhere' },
  /** The result store does not answer, or refuses. */
  store_unavailable: { retry: 'elsewhere' },
  /** The queue does not answer, or did not confirm a message. */
  queue_unavailable: { retry: 'elsewhere' },
} as const satisfies Record<string, { retry: 'never' | 'elsewhere' }>;

/** One of {@link ERROR_CODES}. Codes are for programs, messages for people. */
export type ErrorCode = keyof typeof ERROR_CODES;

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
const brand = Symbol.for('@alts/sdk/error');

/**
 * All that the SDK and its plugins throw on purpose.
 *
 * @example
 * ```ts
 * try {
 *   await runTest(request, { runner });
 * } catch (error) {
 *   if (AltsError.is(error) && error.code === 'invalid_request') process.exitCode = 2;
 *   else throw error;
 * }
 * ```
 */
export class AltsError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AltsError';
    this.code = code;
  }

  /** Not `instanceof`: a plugin may bring its own copy of the SDK. */
  static is(value: unknown): value is AltsError {
    return value instanceof Error && brand in value;
  }

  /** The error itself when it is one of ours, else an `internal` one around it. */
  static from(value: unknown): AltsError {
    if (AltsError.is(value)) return value;
    return new AltsError('internal', value instanceof Error ? value.message : String(value), { cause: value });
  }
}

/** An {@link AltsError} as reports and messages carry it. */
export const SerializedError = z.object({
  code: z.enum(codes),
  message: z.string().min(1),
  /** Messages of the causes, the nearest first. */
  causes: z.array(z.string()).optional(),
});
export type SerializedError = z.infer<typeof SerializedError>;

/** How deep a chain of causes is followed. */
const MAX_CAUSES = 8;

/** Writes an error, and the messages of what caused it, as plain data. */
export function serializeError(error: AltsError): SerializedError {
  const causes: string[] = [];
  let cause: unknown = error.cause;
  while (cause !== undefined && cause !== null && causes.length < MAX_CAUSES) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (message && message !== error.message) causes.push(message);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  const message = error.message || error.code;
  return causes.length > 0 ? { code: error.code, message, causes } : { code: error.code, message };
}
