const express = require('express');
const crypto = require('crypto');

const app = express();
app.use(express.json());

app.post('/webhooks/boxvault', (req, res) => {
    const signature = req.headers['x-boxvault-signature'];
    const payload = JSON.stringify(req.body);
    const secret = process.env.WEBHOOK_SECRET;
    
    // Verify signature
    const expectedSignature = crypto
        .createHmac('sha256', secret)
        .update(payload)
        .digest('hex');
    
    if (signature !== `sha256=${expectedSignature}`) {
        return res.status(401).send('Invalid signature');
    }
    
    // Handle event
    const { event, data } = req.body;
    
    switch (event) {
        case 'box.uploaded':
            console.log(`Box uploaded: ${data.organization}/${data.box} v${data.version}`);
            // Trigger deployment, notifications, etc.
            break;
            
        case 'box.deleted':
            console.log(`Box deleted: ${data.organization}/${data.box}`);
            // Clean up references, notify teams, etc.
            break;
            
        case 'user.created':
            console.log(`New user: ${data.username}`);
            // Send welcome email, setup permissions, etc.
            break;
    }
    
    res.status(200).send('OK');
});
