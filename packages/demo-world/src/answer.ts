/** What a request is answered with. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}
