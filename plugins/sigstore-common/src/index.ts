/**
 * What browser, server and command line share: the words, the shapes and the
 * client of signature status.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './artifacts';
export * from './distrust';
export * from './endpoints';
export * from './facts';
export * from './findings';
export * from './imageName';
export * from './model';
export * from './permissions';
export * from './receivedFinding';
export * from './signerWords';
export * from './SigstoreClient';
export * from './statuses';
export * from './storage';
export * from './trustDocument';
export * from './trustPolicy';
