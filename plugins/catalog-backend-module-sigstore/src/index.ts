export { catalogModuleSigstore as default } from './module';
