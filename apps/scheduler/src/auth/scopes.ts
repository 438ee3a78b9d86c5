/** What a caller may do. `admin` may do all. */
export const SCOPES = ['tasks:read', 'tasks:write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(word: string): word is Scope {
  return (SCOPES as readonly string[]).includes(word);
}

/** Who calls, by a token that was found good. */
export interface Caller {
  /** Claim `sub`, else `email`, as tokens of the Python system have it; for logs. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

export function may({ scopes }: Caller, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('admin');
}
