/** A guest's view of a running Backstage: JSON over HTTP, signed in as guest. */
export class GuestApi {
  #url;
  #token;

  constructor(url) {
    this.#url = url;
  }

  /**
   * The answer to a request, or nothing when it is not a success.
   *
   * @param {string} path
   * @returns {Promise<any>}
   */
  async tryGet(path) {
    try {
      const response = await this.#fetch(path);
      if (response.status === 401) this.#token = undefined;
      if (!response.ok) {
        await response.arrayBuffer();
        return undefined;
      }
      return await response.json();
    } catch {
      return undefined;
    }
  }

  /** Whether a path leads to a page, such as that of the app. */
  async serves(path) {
    try {
      const response = await this.#fetch(path);
      const page = await response.text();
      return response.ok && page.includes('<script');
    } catch {
      return false;
    }
  }

  /** Status code of the answer; reads and drops the body. */
  async status(path) {
    const response = await this.#fetch(path);
    await response.arrayBuffer();
    return response.status;
  }

  async #fetch(path) {
    this.#token ??= await this.#signIn();
    return fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
  }

  async #signIn() {
    const response = await fetch(`${this.#url}/api/auth/guest/refresh`, {
      method: 'POST',
    });
    if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
    return (await response.json()).backstageIdentity.token;
  }
}
