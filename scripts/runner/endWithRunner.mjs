// Loaded before a server that the runner starts. The channel to the runner
// breaks when the runner is gone, however it went, and the server goes too.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
