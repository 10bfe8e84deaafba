"""A local Twilio: it signs, speaks TwiML and REST as Twilio does, and knows nothing of the application it calls."""
