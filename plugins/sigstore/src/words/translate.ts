import { TranslationFunction } from '@backstage/core-plugin-api/alpha';
import { sigstoreTranslationRef } from '../translation';

/** The function that gives texts in the reader's language. */
export type Translate = TranslationFunction<typeof sigstoreTranslationRef.T>;
