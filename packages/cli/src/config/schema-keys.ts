/** What is looked at of a schema of zod, of whatever copy: a plugin may bring its own. */
interface Seen {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly def?: Inside;
}
/** Where a schema keeps others: what it wraps, the two ends of a pipe, the two sides of an intersection, the branches of a union. */
interface Inside {
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly out?: unknown;
  readonly left?: unknown;
  readonly right?: unknown;
  readonly options?: readonly unknown[];
  /** Of a list and of a record. */
  readonly element?: unknown;
  readonly valueType?: unknown;
}

const seen = (schema: unknown): Seen => (typeof schema === 'object' && schema !== null ? schema : {});

function within(schema: unknown): unknown[] {
  const { innerType, in: first, out, left, right, options = [] } = seen(schema).def ?? {};
  return [innerType, first, out, left, right, ...options].filter((inner) => inner !== undefined);
}

/** The keys that an object of this schema may have; none where the schema does not show them. */
export function keysOf(schema: unknown): string[] {
  const { shape } = seen(schema);
  return shape ? Object.keys(shape) : within(schema).flatMap(keysOf);
}

/** The schema of what is at a path; undefined where it is not to be seen. */
export function schemaAt(schema: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  return key === undefined ? schema : schemaAt(step(schema, String(key)), rest);
}

function step(schema: unknown, key: string): unknown {
  const { shape, def = {} } = seen(schema);
  if (shape) return Object.hasOwn(shape, key) ? shape[key] : undefined;
  const own = def.element ?? def.valueType;
  if (own !== undefined) return own;
  return within(schema)
    .map((inner) => step(inner, key))
    .find((found) => found !== undefined);
}

/** The branches of a union, also of one that is wrapped. */
export function branchesOf(schema: unknown): readonly unknown[] {
  const { options } = seen(schema).def ?? {};
  return (
    options ??
    within(schema)
      .map(branchesOf)
      .find(({ length }) => length > 0) ??
    []
  );
}
