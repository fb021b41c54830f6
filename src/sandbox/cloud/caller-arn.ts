/** The one user that the sandbox has: every caller is it. */
export function callerArn(account: string): string {
  return `arn:aws:iam::${account}:user/sandbox`;
}
