export { sigstorePlugin as default } from './plugin';
