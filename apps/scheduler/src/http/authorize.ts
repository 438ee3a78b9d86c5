import type { MiddlewareHandler } from 'hono';
import { type Caller, may, type Scope } from '../auth/scopes.ts';
import type { VerifyToken } from '../auth/verify-token.ts';
import { answerProblem } from './problem.ts';

/** What handlers know of a request besides what it says. */
export interface Variables {
  readonly caller: Caller;
  /** Of a request that may come again: what the ids of its tasks follow from. */
  readonly seed?: string;
}

type Guard = MiddlewareHandler<{ Variables: Variables }>;

/** `Bearer <token>`, RFC 6750; the Python system took what stands after the last space. */
function tokenOf(header: string | undefined): string | undefined {
  const [, token] = /^bearer\s+(?:.*\s)?(\S+)$/i.exec(header?.trim() ?? '') ?? [];
  return token;
}

const REALM = { 'www-authenticate': 'Bearer' };

/** Lets through who has a good token with that scope; refuses as RFC 6750 section 3 says. */
export function authorize(verify: VerifyToken, scope: Scope): Guard {
  return async (context, next) => {
    const token = tokenOf(context.req.header('authorization'));
    const caller = token === undefined ? undefined : await verify(token);
    if (!caller) {
      const detail =
        token === undefined ? 'send a token: Authorization: Bearer …' : 'the token is not good, or is over';
      return answerProblem(context, { status: 401, code: 'unauthorized', detail }, REALM);
    }
    if (!may(caller, scope)) {
      const detail = `the token may not do this: it needs the scope ${scope}`;
      return answerProblem(context, { status: 403, code: 'forbidden', detail });
    }
    context.set('caller', caller);
    return next();
  };
}

/** The same in the words of the Python system (FastAPI's HTTPBearer). */
export function authorizeLegacy(verify: VerifyToken, scope: Scope): Guard {
  return async (context, next) => {
    const header = context.req.header('authorization');
    if (header === undefined) return context.json({ detail: 'Not authenticated' }, 403);
    const token = tokenOf(header);
    if (token === undefined) return context.json({ detail: 'Invalid authentication credentials' }, 403);
    const caller = await verify(token);
    if (!caller) return context.json({ detail: 'Could not validate credentials' }, 401, REALM);
    if (!may(caller, scope)) return context.json({ detail: `Not allowed without the scope ${scope}` }, 403);
    context.set('caller', caller);
    return next();
  };
}
