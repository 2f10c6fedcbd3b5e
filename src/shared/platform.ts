/** Where the app runs, as the platform tells it. */
export interface Platform {
  isAzure: boolean;
  /** Somebody's own machine: both `func start` and `npm start` say so, a container that somebody runs does not. */
  isDevelopment: boolean;
  /** Whether App Service authentication is on, which then takes headers of its name off what comes from outside. */
  isSignInOn: boolean;
}

/** One or another is set by every hosting plan of Azure; other containers have none of them. */
const azureMarks = [
  'WEBSITE_INSTANCE_ID',
  'WEBSITE_SITE_NAME',
  'WEBSITE_SKU',
  'WEBSITE_OWNER_NAME',
  'CONTAINER_APP_NAME',
  'MANAGED_ENVIRONMENT',
  'LEGION_SERVICE_HOST',
];

export function readPlatform(environment: Record<string, string | undefined>): Platform {
  const { WEBSITE_HOSTNAME: hostname = 'localhost' } = environment;
  const isLocalName = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.test(hostname);
  return {
    isAzure: !isLocalName || azureMarks.some((name) => environment[name]?.trim()),
    isDevelopment: environment.AZURE_FUNCTIONS_ENVIRONMENT === 'Development',
    isSignInOn: environment.WEBSITE_AUTH_ENABLED?.trim().toLowerCase() === 'true',
  };
}
