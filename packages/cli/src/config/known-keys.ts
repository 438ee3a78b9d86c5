import { nearest } from '@alts/sdk';
import { z } from 'zod';

/** An object without keys that nobody knows: each is an error that names the one it is most like. */
export function knownKeys<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const keys = (issue as { readonly keys?: readonly string[] }).keys ?? [];
      return keys
        .map((key) => `unknown key ${JSON.stringify(key)}; did you mean ${JSON.stringify(nearest(key, known))}?`)
        .join('; ');
    },
  });
}

/** One of the known words; any other is an error that says which one it is most like. */
export function oneOf(known: readonly string[], what: string): z.ZodString {
  return z.string().refine((word) => known.includes(word), {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not ${what} that is known; did you mean ${JSON.stringify(nearest(String(input), known))}?`,
  });
}
