/**
 * Version of this verification and of the Sigstore library under it. Facts of
 * another revision support no verdict.
 *
 * @public
 */
export const ENGINE_REVISION = 'engine-5+verify-4.1.3';
