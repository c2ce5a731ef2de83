/**
 * A Terraform plan as `terraform show -json` prints it, cut down to what it
 * would change.
 */
export function planFile(actions: Record<string, string>): string {
  const plan = {
    format_version: '1.2',
    terraform_version: '1.13.4',
    resource_changes: Object.entries(actions).map(([address, action]) => {
      const [type, name] = address.split('.');
      return {
        address,
        mode: 'managed',
        type,
        name,
        change: { actions: [action] },
      };
    }),
  };
  return `${JSON.stringify(plan, null, 2)}\n`;
}
