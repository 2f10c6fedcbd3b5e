/** The resource that the emulator stands in for. Its key is known to everybody: it protects nothing. */
export const resource = { id: 'ac5e0000-0000-4000-8000-00000000cafe', name: 'acs-emulator' };

/** The address that the SDKs are given, without which they refuse user tokens. */
export const endpoint = `https://${resource.name}.communication.azure.com/`;

export const accessKey = Buffer.from('acs-emulator-key-not-a-secret-known-to-everybody').toString('base64');
