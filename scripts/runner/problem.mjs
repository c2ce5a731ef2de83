/**
 * Something the person at the keyboard can act on. It is shown as its message
 * alone; any other error is a defect here and is shown with its stack.
 */
export class Problem extends Error {}
