interface Page {
  readonly NextToken?: string | undefined;
}

/** All pages of a listing of EC2's. */
export async function paged<Answer extends Page, T>(
  call: (page: { readonly NextToken?: string }) => Promise<Answer>,
  items: (answer: Answer) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const answer = await call(token === undefined ? {} : { NextToken: token });
    for (const one of items(answer) ?? []) found.push(one);
    token = answer.NextToken || undefined;
  } while (token !== undefined);
  return found;
}

/** How many values a filter takes. */
const VALUES = 200;

/** What a filter finds for any number of values. */
export async function inParts<T>(
  values: readonly string[],
  find: (part: string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const parts = Array.from({ length: Math.ceil(values.length / VALUES) }, (_, index) =>
    values.slice(index * VALUES, (index + 1) * VALUES),
  );
  return (await Promise.all(parts.map(find))).flat();
}
