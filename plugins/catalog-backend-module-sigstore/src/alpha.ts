export { sigstoreCatalogModelLayer } from './modelLayer';
