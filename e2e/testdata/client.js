const axios = require('axios');
const FormData = require('form-data');
const fs = require('fs');

class BoxVaultClient {
    constructor(baseUrl, clientId, clientSecret) {
        this.baseUrl = baseUrl.replace(/\/$/, '');
        this.token = null;
        
        if (clientId && clientSecret) {
            this.authenticateServiceAccount(clientId, clientSecret);
        }
    }
    
    async authenticateServiceAccount(clientId, clientSecret) {
        const response = await axios.post(`${this.baseUrl}/api/auth/service-account`, {
            clientId,
            clientSecret
        });
        this.token = response.data.accessToken;
    }
    
    async uploadBox(org, box, version, provider, arch, filePath) {
        const form = new FormData();
        form.append('file', fs.createReadStream(filePath));
        
        const response = await axios.post(
            `${this.baseUrl}/api/organization/${org}/box/${box}/version/${version}/provider/${provider}/architecture/${arch}/file`,
            form,
            {
                headers: {
                    'x-access-token': this.token,
                    ...form.getHeaders()
                }
            }
        );
        return response.data;
    }
    
    async listBoxes(org) {
        const response = await axios.get(
            `${this.baseUrl}/api/organization/${org}/box`,
            {
                headers: { 'x-access-token': this.token }
            }
        );
        return response.data;
    }
}

// Usage
const client = new BoxVaultClient(
    'https://boxvault.example.com',
    process.env.BOXVAULT_CLIENT_ID,
    process.env.BOXVAULT_CLIENT_SECRET
);

// Upload a box
await client.uploadBox('myorg', 'ubuntu-20.04', '1.0.0', 'virtualbox', 'amd64', 'ubuntu.box');

// List boxes
const boxes = await client.listBoxes('myorg');
console.log(`Found ${boxes.length} boxes`);
