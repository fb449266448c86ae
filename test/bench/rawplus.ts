if (process.env['PLUS'] === 'gw') {
  process.argv = [process.argv[0]!, 'main', 'serve'];
  void import('../../dist/main.js' as string);
  await new Promise((r) => setTimeout(r, 8000));
}
await import('./raw.ts');
