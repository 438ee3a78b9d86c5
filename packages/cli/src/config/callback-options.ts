import { z } from 'zod';

const HostName = z.string().regex(/^([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} must be the name of a host, such as build.example.org: small letters, no scheme, port or path`,
});

/** Where results may be reported to when a task asks for it, and with what token. */
export const CallbackOptions = z
  .strictObject({
    /** The only hosts that are ever told a result; a token must not get to others. */
    hosts: z.array(HostName).min(1),
    /** What a `callback_href` without a host is joined to (RFC 3986 section 5). Left out: such a one is refused. */
    base: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) URL, such as https://build.example.org' })
      .optional(),
    /** Sent as `Authorization: Bearer …`. */
    token: z.string().min(1).optional(),
  })
  .refine(({ hosts, base }) => base === undefined || hosts.includes(new URL(base).hostname), {
    message: 'must be on one of the hosts',
    path: ['base'],
  });
export type CallbackOptions = z.output<typeof CallbackOptions>;
