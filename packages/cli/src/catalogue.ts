export { findApplication, listApplications, listFeatures } from '../../generator/src/catalogue.ts';
