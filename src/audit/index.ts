export { doctor } from './doctor.js';
export { type DoctorSnapshot, takeDoctorSnapshot } from './doctor-snapshot.js';
