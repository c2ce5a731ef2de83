/** Texts that card and tab share. */
export const wordsMessages = {
  kind: {
    image: 'Image',
    'terraform-plan': 'Terraform plan',
    'terraform-module': 'Terraform module',
    manifest: 'Manifest',
    'policy-bundle': 'Policy bundle',
    pipeline: 'Pipeline',
  },
  kindInText: {
    image: 'image',
    'terraform-plan': 'Terraform plan',
    'terraform-module': 'Terraform module',
    manifest: 'manifest',
    'policy-bundle': 'policy bundle',
    pipeline: 'pipeline',
  },
  checked: 'checked {{time}}',
  checkAgain: 'Check again',
  checking: 'Checking…',
  checkDenied: 'You may not ask for a check.',
  checkFailed: 'The check could not be asked for.',
  tryAgain: 'Try again',
  loading: 'Reading the signature status',
  whatHappened: 'What happened.',
  whyItMatters: 'Why it matters.',
  whatToDoTitle: 'What to do.',
  found: 'found',
  anyWorkflow: 'any workflow in {{repository}}',
  expected: 'expected',
  or: ' or ',
  builtIn: 'built in',
  lookup: {
    silentSince: '{{place}} has not answered since {{time}}.',
    refused: '{{place}} refused to answer, {{time}}.',
    unreachable: '{{place}} did not answer, {{time}}.',
    unsupported:
      '{{place}} answered in a way that is not understood, {{time}}.',
    'over-cap': '{{place}} holds more than is read, {{time}}.',
    nextTry: 'Next try {{time}}.',
    lastKnown: 'Last known, {{time}}: {{status}}.',
  },
  trouble: {
    unavailable:
      'Signature status unavailable: the Sigstore backend did not answer. This says nothing about the signatures.',
    'not-installed': 'The Sigstore backend plugin is not installed.',
    'not-permitted':
      'You may not see the signature status here. Ask whoever manages the permissions of this Backstage.',
    'not-known':
      'Nothing is known here under this name, or you may not see it.',
    'not-understood':
      'The Sigstore backend gave an answer that this page does not understand: install frontend and backend plugin of the same release. This says nothing about the signatures.',
    stillShown: 'Below is what was read before.',
    install: 'Install',
  },
} as const;
