const PREFIX = 'ALTS_';

/**
 * What the environment says otherwise: `ALTS_SCHEDULER__PORT=9000` is `scheduler.port`. Two underscores go a level down, one
 * stands before a letter that is large in the file: `ALTS_WORKER__MAX_ATTEMPTS`. Others are none of ours.
 * @param parse a value as it would stand in the file
 */
export function overrides(config: unknown, env: NodeJS.ProcessEnv, parse: (value: string) => unknown): unknown {
  const found = Object.entries(env).filter(
    ([name, value]) => name.startsWith(PREFIX) && name.includes('__') && value !== undefined,
  );
  return found.reduce<unknown>((changed, [name, value = '']) => {
    const path = name.slice(PREFIX.length).split('__').map(camelCase);
    return withValue(changed, path, parse(value));
  }, config);
}

function camelCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/_(file$)?([a-z0-9])?/g, (whole, file: string | undefined, letter: string | undefined) =>
      file === undefined ? (letter ?? '').toUpperCase() : whole,
    );
}

function withValue(config: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const fields = typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}
