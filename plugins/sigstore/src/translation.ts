import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { cardMessages } from './card/messages';
import { provenanceMessages } from './provenance/messages';
import { uiMessages } from './ui/messages';
import { wordsMessages } from './words/messages';

/**
 * Every text of this plugin's pages, for apps that translate or reword them.
 * Labels of statuses and texts of findings are part of the published
 * vocabulary and stay as they are.
 *
 * @public
 */
export const sigstoreTranslationRef = createTranslationRef({
  id: 'plugin.sigstore',
  messages: {
    card: cardMessages,
    provenance: provenanceMessages,
    ui: uiMessages,
    words: wordsMessages,
  },
});
