import {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  BasicPermission,
} from '@backstage/plugin-permission-common';
import { Request } from 'express';
import { Visibility, VisibilityService } from './visibility';

/** A caller who holds the permission of the endpoint. */
export type Caller = {
  credentials: BackstageCredentials;
  visibility: Visibility;
};

/** Decides who may call an endpoint and what of the catalog they see there. */
export class Authorizer {
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #visibility: VisibilityService;

  constructor(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    visibility: VisibilityService;
  }) {
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#visibility = options.visibility;
  }

  /**
   * Lets a request through that holds a permission.
   *
   * @param allow - kinds of callers, users and services by default
   * @throws AuthenticationError, NotAllowedError
   */
  async authorize(
    request: Request,
    permission: BasicPermission,
    allow: ('user' | 'service')[] = ['user', 'service'],
  ): Promise<Caller> {
    const credentials = await this.#httpAuth.credentials(request, { allow });
    if (!(await this.permits(credentials, permission))) {
      throw new NotAllowedError(`This needs the permission ${permission.name}`);
    }
    return { credentials, visibility: await this.#visibility.of(credentials) };
  }

  /** Tells whether somebody holds a permission. */
  async permits(
    credentials: BackstageCredentials,
    permission: BasicPermission,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    return decision.result === AuthorizeResult.ALLOW;
  }
}
