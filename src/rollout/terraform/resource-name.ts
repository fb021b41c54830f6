/** A name as Terraform takes it for resources, variables and outputs; what a name may hold and Terraform's may not is `_`. */
export function resourceName(name: string): string {
  return name.replace(/[^-\w]/g, '_').replace(/^(?![A-Za-z_])/, '_');
}
