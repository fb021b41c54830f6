/** In a file of its own, because the built engine is a script, which cannot import: there `import` is handed in. */
export const importFile = (url: string): Promise<unknown> => import(url);
