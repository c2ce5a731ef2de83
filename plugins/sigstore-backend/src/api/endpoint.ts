import { InputError } from '@backstage/errors';
import { BasicPermission } from '@backstage/plugin-permission-common';
import { Request, Response, Router } from 'express';
import { z } from 'zod/v4';
import { Authorizer, Caller } from './authorize';

/** The part of an endpoint's description that a router needs. */
type Description = {
  method: 'GET' | 'POST';
  path: string;
  query?: z.ZodType;
  body?: z.ZodType;
  response?: z.ZodType;
};

type Parsed<T extends z.ZodType | undefined> = T extends z.ZodType
  ? z.infer<T>
  : undefined;

/** A request whose caller holds the permission and whose input was checked. */
export type Call<E extends Description> = Caller & {
  params: Record<string, string>;
  query: Parsed<E['query']>;
  body: Parsed<E['body']>;
  response: Response;
};

/** Adds endpoints to a router, each with the permission it needs. */
export class EndpointRegistrar {
  readonly #router: Router;
  readonly #authorizer: Authorizer;

  constructor(router: Router, authorizer: Authorizer) {
    this.#router = router;
    this.#authorizer = authorizer;
  }

  /**
   * Adds one endpoint. What `answer` gives is sent as JSON; an endpoint without
   * a response schema sends by itself.
   */
  add<E extends Description>(
    endpoint: E,
    access: { permission: BasicPermission; allow?: ('user' | 'service')[] },
    answer: (call: Call<E>) => Promise<Parsed<E['response']>>,
  ): void {
    const handle = async (request: Request, response: Response) => {
      const { permission, allow } = access;
      const caller = await this.#authorizer.authorize(
        request,
        permission,
        allow,
      );
      refuseNul([request.params, request.query, request.body]);
      const result = await answer({
        ...caller,
        params: request.params,
        query: parse(endpoint.query, request.query, 'query'),
        body: parse(endpoint.body, request.body, 'body'),
        response,
      } as Call<E>);
      if (result !== undefined) response.json(result);
    };
    const method = endpoint.method === 'GET' ? 'get' : 'post';
    this.#router[method](endpoint.path, handle);
  }
}

// PostgreSQL cannot even be asked about it, and nothing stored has it.
function refuseNul(input: unknown): void {
  if (JSON.stringify(input).includes('\\u0000')) {
    throw new InputError('The request has a NUL character');
  }
}

function parse(
  schema: z.ZodType | undefined,
  value: unknown,
  where: string,
): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(
    `The ${where} of the request cannot be used: ${z.prettifyError(
      result.error,
    )}`,
  );
}
