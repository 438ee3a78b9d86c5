import { z } from 'zod';

/** `debian:12=my/image,altsrpm:1=other` as on the command line, or an object. */
const Images = z.preprocess(
  (value) => (typeof value === 'string' ? Object.fromEntries(value.split(',').map((pair) => splitOnce(pair))) : value),
  z.record(
    z.string().regex(/^[a-z][a-z0-9_-]*:[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be <distribution>:<version>'),
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/, 'must be the reference of an image'),
  ),
);

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Options of the Docker runner; numbers may come as text, as they do from a command line. */
export const DockerOptions = z.strictObject({
  /** `unix:///path`, `tcp://host:port`, `http(s)://…` or a path. Default: DOCKER_HOST, the current context, the usual sockets. */
  host: z.string().min(1).optional(),
  /** A Docker context by name, in place of the current one. */
  context: z.string().min(1).optional(),
  /** Which image is which system. Default: the image named like the system. */
  images: Images.default({}),
  /** MiB of memory, swap included, for each container. Default 2048; what the request says goes first. */
  memoryMiB: z.coerce.number().int().min(64).max(1_048_576).default(2048),
  /** Processes for each container. Default 4096. */
  processes: z.coerce.number().int().min(16).max(4_194_304).default(4096),
  /** CPUs for each container, fractions too. Default: all. */
  cpus: z.coerce.number().positive().max(1024).optional(),
  /** A network that exists. Default: the engine's bridge. */
  network: z.string().min(1).optional(),
  /** `missing`: pull an image that is not there. `never`: use only what is there. */
  pull: z.enum(['missing', 'never']).default('missing'),
  /** Milliseconds that a pull may take. Default 5 min. */
  pullTimeoutMs: z.coerce.number().int().min(1000).max(7_200_000).default(300_000),
});
export type DockerOptions = z.output<typeof DockerOptions>;
export type DockerOptionsInput = z.input<typeof DockerOptions>;
