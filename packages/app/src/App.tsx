import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { navModule } from './nav';

/**
 * Every other plugin is discovered from this package's dependencies
 * (`app.packages: all`), as in an app made by create-app.
 */
export default createApp({ features: [catalogPlugin, navModule] });
