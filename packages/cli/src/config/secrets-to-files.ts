/** Keys of the new form that a translated configuration has secrets in. */
const SECRETS = [
  ['queue', 'url'],
  ['store', 'secretAccessKey'],
  ['store', 'connectionString'],
  ['scheduler', 'token', 'secret'],
  ['callbacks', 'token'],
] as const;

type Fields = Readonly<Record<string, unknown>>;

/** A secret, and the name that a file for it has: `scheduler.token.secret`. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The secrets of a configuration; a URL is one where it has a password. */
export function secretsOf(config: Fields): Secret[] {
  return SECRETS.flatMap((path) => {
    const value = path.reduce<unknown>((fields, key) => (fields as Fields | undefined)?.[key], config);
    if (typeof value !== 'string' || (path.at(-1) === 'url' && !value.includes('@'))) return [];
    return [{ name: path.join('.'), value }];
  });
}

/**
 * The configuration with files in the place of its secrets: `secret_file` for `secret`.
 * @param locate the path of a secret's file, as the configuration is to name it
 */
export function withFilesFor(config: Fields, locate: (secret: Secret) => string): Fields {
  return secretsOf(config).reduce(
    (changed, secret) => replaceKey(changed, secret.name.split('.'), locate(secret)),
    config,
  );
}

function replaceKey(fields: Fields, [key = '', ...rest]: readonly string[], path: string): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (name !== key) return [name, value];
      return rest.length > 0 ? [name, replaceKey(value as Fields, rest, path)] : [`${name}_file`, path];
    }),
  );
}
