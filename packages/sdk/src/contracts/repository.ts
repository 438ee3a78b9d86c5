import { z } from 'zod';

/** Longest text that a field of a request may have, where nothing else is said. */
const MAX_TEXT = 4096;

/** No line break, no NUL: what goes into one line of a configuration file. */
const line = (what: string) =>
  z
    .string()
    .min(1, `${what} is empty`)
    .max(MAX_TEXT, `${what} is longer than ${MAX_TEXT} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
    .regex(/^[^\x00-\x1f\x7f]*$/, `${what} has a line break or another control character`);

const protocols = ['http:', 'https:', 'file:'];

/** `http://`, `https://` or (inside the environment) `file:/`; a user and a password may be in it and are never shown. */
export const RepositoryUrl = line('the URL').refine(
  (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol) && !/\s/.test(value),
  'must be a URL that starts with http://, https:// or file:/',
);

const word = (what: string) => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~:/-]{0,127}$/, `must be a ${what}`);

/** A repository, field by field; of either family. */
const StructuredRepository = z
  .strictObject({
    /** For the name of its file in the environment and for people. */
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a name of letters, digits, ".", "_" and "-"'),
    url: RepositoryUrl,
    /** Of a deb repository. Left out: a flat one, `./` in sources.list(5). A dnf repository has none. */
    suite: z.union([z.literal('./'), z.literal('/'), word('suite such as bookworm or stable/updates')]).optional(),
    components: z.array(word('component such as main')).max(64).optional(),
    /**
     * The repository's key: an ASCII-armoured OpenPGP public key, or the path of one inside the environment. To dnf it is
     * `gpgkey`, for packages.
     */
    signedBy: z
      .union(
        [
          z
            .string()
            .regex(/^-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]{1,131072}-----END PGP PUBLIC KEY BLOCK-----\s*$/),
          z.string().regex(/^\/[A-Za-z0-9._/+-]{1,255}$/),
        ],
        'must be an ASCII-armoured OpenPGP public key, or the absolute path of a key ring in the environment',
      )
      .optional(),
    /** Accept it without a signature: `Trusted` of apt, `gpgcheck=0` of dnf. */
    trusted: z.literal(true).optional(),
  })
  .refine((r) => !(r.signedBy && r.trusted), { message: 'say signedBy or trusted, not both', path: ['trusted'] })
  .refine((r) => !r.components?.length || (r.suite && !r.suite.endsWith('/')), {
    message: 'components go with a suite; a flat repository ("./") has none',
    path: ['components'],
  });

/** One line of sources.list(5): `deb [trusted=yes] http://host/debian bookworm main`. */
const OneLineRepository = line('the repository')
  .regex(
    /^deb(\s+\[[^\][]*\])?\s+\S+\s+\S+(\s+\S+)*\s*$/,
    'must be a line of sources.list(5) such as "deb http://host/debian bookworm main", or an object { name, url, … }',
  )
  .refine((value) => RepositoryUrl.safeParse(value.replace(/^deb(\s+\[[^\][]*\])?\s+/, '').split(/\s/, 1)[0]).success, {
    message: 'the URL in it must start with http://, https:// or file:/',
  });

/** Where packages come from besides the system's own repositories. */
export const Repository = z.union([OneLineRepository, StructuredRepository]);
export type Repository = z.output<typeof Repository>;

/** One that is written field by field. */
export type NamedRepository = Exclude<Repository, string>;
